"""The cache: one encrypted SQLite file, and the only room that knows SQL.

What vendors told us, what people decided here, the outbox and the audit log live in it. One thread writes, a few
read, and after each commit typed change events say on the loop what to draw again. Query modules are plain
functions whose first argument is a connection (reads) or a ``Tx`` (writes); they speak in ``app.model`` values.

May enter: schema, queries, search, keys, backup. Never: Qt, the network, vendors, decisions about the work.
"""
