"""What imports give to the house: that they forget whom the record forgets."""

from shouxin.record.erasing import erases
from shouxin.tables.forgetting import forget

erases(forget)
