"""The Word and PowerPoint templates that ship, and the script that draws them."""
