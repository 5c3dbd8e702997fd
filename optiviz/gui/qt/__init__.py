"""Where Qt and PySide are told what they would get wrong by themselves."""
