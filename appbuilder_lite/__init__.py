"""The security and admin extension for Flask apps that already exist.

Everything that is written every day is imported from here; filters are in `appbuilder_lite.filters`.
"""

from appbuilder_lite.builder import AppBuilder as AppBuilder
from appbuilder_lite.builtin.index import IndexView as IndexView
from appbuilder_lite.builtin.manager import SecurityManager as SecurityManager
from appbuilder_lite.data.renders import renders as renders
from appbuilder_lite.data.sqla_model import SQLAInterface as SQLAInterface
from appbuilder_lite.data.types import security_model as security_model
from appbuilder_lite.errors import ConfigurationError as ConfigurationError
from appbuilder_lite.errors import Rejected as Rejected
from appbuilder_lite.resource.inline import Inline as Inline
from appbuilder_lite.security.mixins import GroupMixin as GroupMixin
from appbuilder_lite.security.mixins import PermissionMixin as PermissionMixin
from appbuilder_lite.security.mixins import PermissionViewMixin as PermissionViewMixin
from appbuilder_lite.security.mixins import RegisterUserMixin as RegisterUserMixin
from appbuilder_lite.security.mixins import RoleMixin as RoleMixin
from appbuilder_lite.security.mixins import UserMixin as UserMixin
from appbuilder_lite.security.mixins import ViewMenuMixin as ViewMenuMixin
from appbuilder_lite.security.models import security_models as security_models
from appbuilder_lite.web.compact import CompactCRUDMixin as CompactCRUDMixin
from appbuilder_lite.web.form_view import PublicFormView as PublicFormView
from appbuilder_lite.web.form_view import SimpleFormView as SimpleFormView
from appbuilder_lite.web.master_detail import MasterDetailView as MasterDetailView
from appbuilder_lite.web.model_view import ModelView as ModelView
from appbuilder_lite.web.multiple_view import MultipleView as MultipleView
from appbuilder_lite.web.routes import action as action
from appbuilder_lite.web.routes import expose as expose
from appbuilder_lite.web.routes import has_access as has_access
from appbuilder_lite.web.routes import permission_name as permission_name
from appbuilder_lite.web.routes import public as public
from appbuilder_lite.web.routes import signed_in as signed_in
from appbuilder_lite.web.view import BaseView as BaseView
