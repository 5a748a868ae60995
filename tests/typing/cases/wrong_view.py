from appbuilder_lite import AppBuilder, ModelView


class NoView:
    pass


class Wrong(ModelView):
    page_size = "25"  # E: assignment
    list_title = 7  # E: assignment
    default_view = None  # E: assignment


appbuilder = AppBuilder()
appbuilder.add_view(NoView, "No view")  # E: arg-type
appbuilder.add_view(Wrong)  # E: call-arg
appbuilder.add_link("Docs")  # E: call-arg
appbuilder.add_views(Wrong, "Wrong")  # E: attr-defined
