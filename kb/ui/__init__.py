"""The web page: pages ask for input, call one core function and show the result."""
