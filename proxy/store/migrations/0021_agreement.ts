import type { ColumnTypes } from '#proxy/store/dialect.ts'

/** How far people agree, and known answers. Columns: schema.ts. */
export const agreement = ({ bytes }: ColumnTypes): readonly string[] => [
  `create table work_agreement (
    app bigint not null, task_id text not null, input_id text not null, worker_a text not null, worker_b text not null,
    agreement double precision not null, people integer not null,
    primary key (app, task_id, input_id, worker_a, worker_b))`,
  `create index work_agreement_lowest on work_agreement (app, task_id, agreement, input_id, people)
    where worker_a = ''`,
  `create index work_agreement_a on work_agreement (app, worker_a, worker_b, task_id, agreement)
    where worker_a <> ''`,
  `create index work_agreement_b on work_agreement (app, worker_b, worker_a, task_id, agreement)
    where worker_b <> ''`,
  `create table known_answer (
    app bigint not null, task_id text not null, input_id text not null, kept_by text not null, kept_at bigint not null,
    annotations ${bytes} not null, primary key (app, task_id, input_id))`,
  `create index known_answer_input on known_answer (app, input_id, kept_by)`,
]
