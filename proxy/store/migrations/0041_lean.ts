import type { ColumnTypes } from '#proxy/store/dialect.ts'

/**
 * What a write of annotations costs is the rows of indexes it makes, and the pages of them that it touches: of 22 rows
 * for each box of a concept there are 14 left (bench/api). Columns are told in schema.ts.
 */
export const lean = ({ clustered }: ColumnTypes): readonly string[] => [
  // Ids are random: a batch of 128 touched 128 pages. Who has an id and not its input asks each input (searchPlans.ts).
  'drop index annotation_id',
  // The lines of an item are found among those of its input.
  'drop index history_item',

  'alter table annotation_term rename to annotation_term_before',
  'drop index annotation_term_order',
  'drop index annotation_term_input',
  `create table annotation_term (
    app bigint not null, term text not null, created_at bigint not null, input_at bigint not null,
    trusted integer not null, primary key (app, term, created_at)) ${clustered}`,
  `insert into annotation_term (app, term, created_at, input_at, trusted)
    select before.app, before.term, before.created_at, before.input_at, annotation.trusted
    from annotation_term_before before
    join annotation on annotation.app = before.app and annotation.created_at = before.created_at
    order by before.app, before.term, before.created_at`,
  'drop table annotation_term_before',
  'create index annotation_term_time on annotation_term (app, created_at)',
  `create table input_term (
    app bigint not null, term text not null, input_at bigint not null, count integer not null,
    trusted integer not null, primary key (app, term, input_at)) ${clustered}`,
  `insert into input_term (app, term, input_at, count, trusted)
    select app, term, input_at, count(*), sum(trusted) from annotation_term group by app, term, input_at`,
]
