from reexport.inner import *

from .shapes import Address as Home
