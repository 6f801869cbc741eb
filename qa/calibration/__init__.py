"""Agreement between the tool and people: read their verdicts, compare, tell where they differ most."""

from qa.calibration.agreement import Calibration, CriterionAgreement, Disagreement, Interval, Kappa, calibrate
from qa.calibration.human_csv import HumanVerdict, read_human_verdicts

__all__ = [
    "Calibration",
    "CriterionAgreement",
    "Disagreement",
    "HumanVerdict",
    "Interval",
    "Kappa",
    "calibrate",
    "read_human_verdicts",
]
