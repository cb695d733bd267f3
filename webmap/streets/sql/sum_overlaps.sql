-- Statistics for deciding.
create index on overlap (better);
analyze overlap;
analyze compared_building;
