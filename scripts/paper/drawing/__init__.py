"""The sheet that figures are drawn on, and its forms as SVG and PNG."""
