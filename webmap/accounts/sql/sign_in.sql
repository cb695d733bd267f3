-- Who is behind a sign-in that has not ended: the account, and the areas it is tied to.
select login_session.expires_at, login_session.seen_at, account.id, account.username, account.full_name, account.role,
       account.language, account.must_change_password, account.sees_persons,
       array(select area_id from account_area where account_area.account_id = account.id) as area_ids
  from login_session join account on account.id = login_session.account_id
 where login_session.id = %(login_id)s and login_session.ended_at is null and account.is_active
