from appbuilder_lite import AppBuilder, Rejected, SecurityManager, SQLAInterface, expose, has_access

AppBuilder(None, None, SecurityManager)  # E: call-arg
AppBuilder(security_manager_class=str)  # E: arg-type
AppBuilder(url_prefix=7)  # E: arg-type
SQLAInterface("Customer")  # E: arg-type
Rejected("no", "field")  # E: call-arg
expose(7)  # E: arg-type
has_access("can_open")  # E: call-overload
