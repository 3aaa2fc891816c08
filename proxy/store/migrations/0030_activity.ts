/** The history by person, by input, and what is not annotations by kind: nearly all of it is annotations. */
export const activity = (): readonly string[] => [
  `create index history_person on history (app, user_id, rev)`,
  `create index history_input on history (app, input_id, rev) where input_id <> ''`,
  `create index history_kind on history (app, kind, rev) where kind <> 'annotation'`,
]
