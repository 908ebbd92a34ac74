-- Whether a hub's secret is a value, or says where in the vault the value is: the scope it was sealed in.
alter table secret add column scope text not null default 'hub';
