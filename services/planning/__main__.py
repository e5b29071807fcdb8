from roadcase.run import run
from services.planning.service import PLANNING

run(PLANNING)
