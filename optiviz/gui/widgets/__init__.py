"""Fields, sliders, choosers, and the form that any part's knobs make of them."""
