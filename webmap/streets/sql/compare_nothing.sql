-- With one maker there is nothing to compare: every touched outline is shown.
insert into compared_building select id from overlap_edge;
delete from overlap_edge;
