"""The painted schedule grid: values it shows, its geometry, its painting, its keyboard and its accessibility.

One view paints any list of columns (providers of a day, days of a week) from plain values, so that a new view is a new
list of values. Geometry is pure arithmetic and serves painting and hit-testing alike. Nothing in here reads the store,
asks a use case or knows a vendor: screens fill the values and act on the signals.
"""
