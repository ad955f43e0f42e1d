-- What is still to do is few among all that ever was.
create index operations_open on operations (created_at) where state in ('waiting', 'running');
