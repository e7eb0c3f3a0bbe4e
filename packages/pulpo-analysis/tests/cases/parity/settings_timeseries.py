from datetime import datetime

from beanie import Document, Granularity, TimeSeriesConfig
from pulpo_base import datamodel


@datamodel
class Reading(Document):
    at: datetime
    sensor: str
    value: float

    class Settings:
        name = "readings"
        timeseries = TimeSeriesConfig(
            time_field="at", meta_field="sensor", granularity=Granularity.hours
        )
