"""The layout of a slide, shared by the picture, the PowerPoint page and the browser's stage."""
