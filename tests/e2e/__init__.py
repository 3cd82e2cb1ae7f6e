"""The web app in a browser, and everything being killed. A package, so that what its tests share ends with them."""
