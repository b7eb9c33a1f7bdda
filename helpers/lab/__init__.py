"""What a lab is: one question, its controls, its live figure. The labs themselves are in `helpers/labs`."""

from helpers.lab.controls import Choice, Slider, Text, Toggle
from helpers.lab.lab import Lab
from helpers.lab.prediction import Prediction

__all__ = ["Choice", "Lab", "Prediction", "Slider", "Text", "Toggle"]
