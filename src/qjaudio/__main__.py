"""`python -m qjaudio` is the same as `qjaudio`."""

from qjaudio.cli import main

if __name__ == "__main__":
    main()
