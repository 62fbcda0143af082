"""How newspapers print what is said otherwise: all rules in the order in which they are tried."""

from qjaudio.script.codes import codes, models
from qjaudio.script.dates import clock, dates
from qjaudio.script.folding import folding
from qjaudio.script.quantities import quantities
from qjaudio.script.symbols import addresses, marks, plain_numbers
from qjaudio.script.traced import Rule


def rules() -> tuple[Rule, ...]:
    """Every rule, first to last: signs of print, dates, names, times, quantities, what is left."""
    return (
        *folding(),
        *addresses(),
        *dates(),
        *clock(),
        *codes(),
        *quantities(),
        *models(),
        *plain_numbers(),
        *marks(),
    )
