"""The commands: `flask appbuilder ...`. They read their arguments, call, and print.

Each module puts its commands into the group when it is imported.
"""

from appbuilder_lite.cli.checks import check as check
from appbuilder_lite.cli.group import appbuilder as appbuilder
from appbuilder_lite.cli.migrations import create_tables as create_tables
from appbuilder_lite.cli.permissions import sync as sync
from appbuilder_lite.cli.users import create_admin as create_admin
from appbuilder_lite.cli.views import list_views as list_views
