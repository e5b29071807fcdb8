from roadcase.run import run
from services.devices.service import DEVICES

run(DEVICES)
