-- Statistics for deciding.
create index if not exists ix_overlap_better on overlap (better);
analyze overlap;
analyze compared_building;
