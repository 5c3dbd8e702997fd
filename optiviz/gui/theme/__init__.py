"""How everything looks: colours, fonts, scale, icons, markers, formulas, style sheet."""
