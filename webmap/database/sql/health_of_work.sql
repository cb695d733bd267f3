-- Is somebody at work, and is anybody able to sign in? One row; needs a migrated database.
select
  (select extract(epoch from now() - max(last_heartbeat))::float from jobs.procrastinate_workers)
    as seconds_since_worker,
  (select count(*) from jobs.procrastinate_jobs left join jobs.procrastinate_workers worker on worker.id = worker_id
    where status = 'doing' and (worker.id is null or last_heartbeat < now() - interval '2 minutes')) as stuck_jobs,
  (select count(*) from account where role = 'admin' and is_active) as administrators
