"""Pictures of Plotly's figures without a browser: plotly.js itself, in an embedded V8, in a small document of our own.

``figure`` reads what a cell shows, ``engine`` draws it (in a process of its own, ``worker``, with ``dom.js``,
``geometry.js`` and ``canvas.js`` as its document), ``drawing`` makes the SVG fit for page and paper, ``browser``
draws what V8 can't. ``bundles/`` holds partial bundles of plotly.js, for this and for readers' live figures.
"""
