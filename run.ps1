# Set up and run, in a checkout, on Windows (see `run` for what each word does):
#   .\run.ps1 make 2025-05-20   make the sample episode (or any other qjaudio command)
#   .\run.ps1 test              run the whole test suite; further words go to pytest
#   .\run.ps1 lint              style and types
# Needs Python 3.11 or newer; everything else comes from packages into .venv. `bench`, `docs` and `lock` are
# those of `run`. If Windows refuses scripts: powershell -ExecutionPolicy Bypass -File run.ps1 make 2025-05-20
# Never run on a Windows machine yet: a parser of PowerShell takes it, tests/test_platforms.py holds it to `run`.
$ErrorActionPreference = 'Stop'
Set-Location -LiteralPath $PSScriptRoot
$env:PYTHONUTF8 = '1'

$python = if ($env:PYTHON) { $env:PYTHON } else { 'python' }
$found = $false
try { & $python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>$null; $found = $LASTEXITCODE -eq 0 } catch { }
if (-not $found) {
    [Console]::Error.WriteLine("run: $python is missing or older than Python 3.11")
    [Console]::Error.WriteLine('  hint: install Python 3.11 or newer, or name it: $env:PYTHON = "py"')
    exit 5
}
$venv = Join-Path $PSScriptRoot '.venv\Scripts\python.exe'

# Install-Packages '' or '-test': bring .venv up to date with the lock, once for each version of it.
function Install-Packages([string]$set) {
    $stamp = ".venv\.installed$set"
    $lock = "requirements$set.lock"
    if ((Test-Path $stamp) -and
        ((Get-Item $stamp).LastWriteTime -ge (Get-Item 'pyproject.toml').LastWriteTime) -and
        ((Get-Item $stamp).LastWriteTime -ge (Get-Item $lock).LastWriteTime)) { return }
    if (-not (Test-Path $venv)) {
        & $python -m venv .venv
        if ($LASTEXITCODE) { exit 5 }
    }
    [Console]::Error.WriteLine('run: installing into .venv ...')
    & $venv -m pip install --quiet --disable-pip-version-check --require-hashes -r $lock
    if ($LASTEXITCODE) {
        [Console]::Error.WriteLine('run: a locked version cannot be had here, or its hash is another')
        exit 5
    }
    & $venv -m pip install --quiet --disable-pip-version-check --no-deps --editable .
    if ($LASTEXITCODE) { exit 5 }
    New-Item -ItemType File -Force $stamp | Out-Null
}

$command, $words = $args
switch ($command) {
    { $_ -in $null, 'help' } { Get-Content $PSCommandPath -TotalCount 7; exit 0 }
    { $_ -in 'bench', 'docs', 'lock' } { [Console]::Error.WriteLine("run: $command is a word of the script run"); exit 2 }
    'test' {
        Install-Packages '-test'
        & $venv -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder @words
    }
    'lint' {
        Install-Packages '-test'
        & $venv -m ruff check .
        if (-not $LASTEXITCODE) { & $venv -m ruff format --check . }
        if (-not $LASTEXITCODE) { & $venv -m mypy }
    }
    default {
        Install-Packages ''
        & $venv -m qjaudio $command @words
    }
}
exit $LASTEXITCODE
