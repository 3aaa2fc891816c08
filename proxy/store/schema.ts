import type { Generated } from 'kysely'

/**
 * finish: submitted, and nobody reviews it; agree, disagree: what the server found when enough people had submitted;
 * return: changes requested.
 */
export type WorkAction =
  | 'submit'
  | 'finish'
  | 'agree'
  | 'disagree'
  | 'approve'
  | 'return'
  | 'deny'
  | 'reopen'
  | 'unsubmit'
  | 'skip'

/** What models, workflows, datasets and their versions have in common. */
interface Versioned {
  no: Generated<number>
  app: number
  id: string
  message: Uint8Array
  rev: number
  created_at: number
  modified_at: number
  deleted_at: number | null
  deleted_by: string | null
}

/**
 * The message is the row: a table is index columns plus the protobuf bytes of the message (`message`).
 * Times are microseconds since 1970 (int8), unique and rising within an app. `rev` rises with every write in an app.
 * Names of concepts and users are not stored inside annotation bytes but filled on reading.
 * `deleted_at` set = deleted softly; rows stay 30 days. Booleans are 0 and 1.
 */
export interface Tables {
  meta: { key: string; value: string }

  account: {
    id: string
    message: Uint8Array // clarifai.api.User
    password_hash: string | null // argon2id, PHC string
    created_at: number
  }
  api_key: {
    id: string // public id
    secret_hash: string // sha-256 hex
    user_id: string
    kind: 'personal_access_token' | 'app_specific_key'
    app: number | null
    scopes: string // JSON array of names
    message: Uint8Array // clarifai.api.Key, its id is the public one
    created_at: number
    expires_at: number | null
  }
  session: { token_hash: string; user_id: string; created_at: number; expires_at: number }
  /** Failed sign-ins by subject (`user:…`, `address:…`). */
  sign_in_failure: { subject: string; count: number; last_at: number }
  preference: { user_id: string; key: string; value: string }

  app: {
    no: Generated<number>
    user_id: string // the owner
    id: string
    message: Uint8Array // clarifai.api.App
    rev: number // last rev given out
    last_at: number // last modified_at given out
    created_at: number
    modified_at: number
    deleted_at: number | null
  }
  collaborator: {
    id: string
    app: number
    user_id: string
    scopes: string // JSON array of names
    message: Uint8Array // clarifai.api.Collaborator
    created_at: number
    modified_at: number
    deleted_at: number | null
    deleted_by: Generated<string | null> // themselves, where they left
    left_tasks: Generated<string | null> // JSON of LeftTask[] (service/tasks/taskLeaving.ts): what going took from them
  }
  invitation: {
    id: string // public id
    token_hash: string // sha-256 hex
    app: number
    scopes: string // JSON array of names
    created_by: string
    created_at: number
    expires_at: number
    revoked_at: number | null
    used_at: number | null
    used_by: string | null
  }
  concept: {
    app: number
    id: string
    name: string
    message: Uint8Array // clarifai.api.Concept
    rev: number
    created_at: number
    modified_at: number
    deleted_at: number | null
    deleted_by: string | null
  }
  input: {
    app: number
    id: string
    kind: 'image' | 'video' | 'text' | 'audio'
    filename: string
    search_text: string // what the grid's search looks in: searchText(filename, id)
    width: number // as displayed; 0 when it has none
    height: number
    status_code: number
    source_url: string | null // for the duplicate rule
    original: string | null // sha-256 hex of the bytes as received
    display: string | null // oriented, stripped rendition of the same size; = original when that needs none
    labelled: Generated<number> // 1 = a person drew a region, set a concept or marked it empty; kept by store/labelled.ts
    message: Uint8Array // clarifai.api.Input without what its input-level annotation holds
    rev: number
    created_at: number
    modified_at: number
    deleted_at: number | null
    deleted_by: string | null
  }
  annotation: {
    app: number
    input_id: string
    id: string
    user_id: string | null // worker.user
    model_version_id: string | null // worker.model
    workflow_version_id: string | null
    status_code: number
    input_level: number
    trusted: number
    task_id: string | null
    region_id: string | null // of its one region
    region_kind: string | null // box | polygon | mask | point | span | other
    has_data: number
    concept_count: number // on the whole image: data.concepts
    marks_empty: Generated<number> // a person said: looked at, nothing here
    same_as: Generated<string | null> // whose annotation says the same and counts (service/team/consensusCopies.ts)
    mask: string | null // sha-256 hex of the mask's bytes when they live in a blob instead of in the message
    is_note: Generated<number> // a note of a thread (decisions §12)
    is_order: Generated<number> // an order outside of tasks: a person's annotation that says nothing (decisions §8)
    // Of these (store/orders.ts): what the same columns of task_assignment say.
    round: Generated<number>
    queued_at: Generated<number> // µs, when it was put at the end of the queue; 0 = never
    decided_by: Generated<string | null>
    opened_by: Generated<string | null> // a reviewer opened it since it was submitted
    opened_at: Generated<number | null> // µs, the last time
    message: Uint8Array // clarifai.api.Annotation
    rev: number
    created_at: number
    modified_at: number
    deleted_at: number | null
    deleted_by: string | null
  }
  /** Append-only: every write of an annotation, input or concept, with both messages. */
  history: {
    app: number
    rev: number
    kind:
      | 'annotation'
      | 'input'
      | 'concept'
      | 'task'
      | 'model'
      | 'model_version'
      | 'workflow'
      | 'workflow_version'
      | 'dataset'
      | 'dataset_version'
      | 'collaborator'
    input_id: string
    item_id: string
    user_id: string | null
    at: number
    before: Uint8Array | null
    after: Uint8Array | null
  }

  task: {
    app: number
    id: string
    status_code: number
    source_type: number // TaskInputSource.type
    source_id: string
    label_order_id: string | null
    hides: number // 1 = labelers do not see each other's annotations until their own submit (decisions §10)
    message: Uint8Array // clarifai.api.Task as it was asked for, lists of people and concepts in their new fields only
    rev: number
    created_at: number
    modified_at: number
    deleted_at: number | null
    deleted_by: string | null
  }
  /** Who works in a task and who reviews it, in the order they were named. */
  task_member: {
    app: number
    task_id: string
    role: 'worker' | 'reviewer'
    member_id: string // a user
    place: number
  }
  /** The inputs of a task as they were when it was made, in their order. */
  task_input: {
    app: number
    task_id: string
    input_id: string
    place: number
    sampled: number // 1 = what is made of it is reviewed
    free: number // DYNAMIC: how many people may still take it; else 0
  }
  /** The work of one person on one input of a task. */
  task_assignment: {
    app: number
    task_id: string
    id: string
    input_id: string
    worker_id: string
    place: number // of the input in the task
    status_code: number // TASK_ASSIGNMENT_*
    round: number // how often it was sent back or reopened
    started: number // 1 = its person has been given it to work on
    lease_until: number | null // DYNAMIC, µs: from then on somebody else may have it
    decided_by: string | null // the reviewer of the last verdict
    created_at: number
    modified_at: number
    withdrawn_at: number | null // its lease ran out, or its person left the task
  }
  /** One reviewer's part in the review of an assignment; gone when the work is sent back. */
  task_review: {
    app: number
    task_id: string
    assignment_id: string
    reviewer_id: string
    status_code: number // TASK_ASSIGNMENT_REVIEW_*
    lease_until: number // µs
    created_at: number
    modified_at: number
  }

  /** Append-only: what was done with work in tasks, and with orders outside of them (`task_id` empty). */
  work_event: {
    no: Generated<number>
    app: number
    task_id: string
    item_id: string // of the assignment; of an order input_id/annotation id
    input_id: string
    worker_id: string // whose work it is
    actor_id: string // who did it; empty = the server
    action: WorkAction
    reason: string
    at: number // µs
  }
  /** How long somebody was active on work in one visit. */
  work_time: {
    app: number
    task_id: string
    item_id: string
    user_id: string
    visit_id: string
    seconds: number
    at: number // µs, of the last report
  }

  /**
   * How far two people agree on an input, since the last of them submitted it; `worker_b` empty = with the known answer;
   * both empty = the mean of all pairs of people, `people` of them.
   */
  work_agreement: {
    app: number
    task_id: string
    input_id: string
    worker_a: string // before worker_b in the order of ids
    worker_b: string
    agreement: number // 0 … 1
    people: number
  }
  /** What an input of a task really shows, as its owner labelled it: a test that labelers do not know of. */
  known_answer: {
    app: number
    task_id: string
    input_id: string
    kept_by: string
    kept_at: number
    annotations: Uint8Array // clarifai.api.MultiAnnotationResponse of them, in stored form
  }

  /** Of a model's and a workflow's id the one that is not deleted counts; ids of versions are never given again. */
  model: Versioned // clarifai.api.Model without what its versions and its app say
  model_version: Versioned & { parent: number } // clarifai.api.ModelVersion; parent = model.no
  workflow: Versioned // clarifai.api.Workflow without its nodes
  workflow_version: Versioned & { parent: number } // clarifai.api.WorkflowVersion; parent = workflow.no
  /** A workflow that is to run, runs or ran on an input. */
  job: {
    no: Generated<number>
    app: number
    input_id: string
    workflow_version: number // its no
    state: 'waiting' | 'running' | 'done' | 'failed' | 'dropped' // dropped: what it was to do is no more
    attempts: number // begun
    due_at: number | null // µs; waiting: when to begin; running: when its lease ends; else null
    lease: string | null // who runs it: a random name, new for each attempt
    written: string // JSON array: ids of the model versions whose results are stored
    error: string // of the last attempt, or why it was dropped; empty = none
    created_at: number
    modified_at: number
  }

  dataset: Versioned // clarifai.api.Dataset
  /** The inputs of a dataset; of those that are deleted nobody hears until they come back. */
  dataset_input: { dataset: number; input_id: string; app: number; added_at: number } // µs, unique: their order
  /** What a dataset was at one moment. */
  dataset_version: Versioned & {
    dataset: number
    status_code: number // DATASET_VERSION_*
    status_details: string
    cut_rev: number // the app's rev at that moment: later writes are not in it
    snapshot: string | null // sha-256 hex of the blob of its inputs with their labels; null = not READY
    metrics: Uint8Array | null // clarifai.api.DatasetVersionMetrics
  }
  dataset_version_input: { version: number; place: number; input_id: string }
  dataset_export: {
    no: Generated<number>
    version: number
    format: number // DatasetVersionExportFormat
    status_code: number // DATASET_VERSION_EXPORT_*
    status_details: string
    hash: string | null // sha-256 hex of the ZIP
    size: number // bytes
  }
  /** What runs after the call that asked for it has been answered; a row goes when it is done. */
  background_work: {
    no: Generated<number>
    kind: 'dataset_version' | 'dataset_export' | 'bulk_operation' | 'concept_merge'
    subject: number // its no; of a merge, that of the app
    due_at: number // µs; with a lease: when that ends
    lease: string | null // who does it: a random name
    attempts: number // begun
  }

  /** What somebody wants done to many inputs or annotations; it stays when it is done, until it is deleted. */
  bulk_operation: {
    no: Generated<number>
    app: number
    id: string
    created_by: string
    scopes: string // JSON: those its maker had with the key in use, a list of names or "all"
    message: Uint8Array // clarifai.api.BulkOperation as it was asked for
    status_code: number // BULK_OPERATION_*
    status_details: string
    reached: number // how far it has come: a place in the list of ids, or the time (µs) of the last input or annotation
    processed: number
    failed: number // of these
    last_processed_id: string
    total: number | null // of a split: how many there were when it began
    created_at: number // what came later is not touched
    modified_at: number
  }

  /**
   * What an annotation that is not deleted is found by: its concepts, metadata, kinds of regions … (store/searchTerms.ts).
   * An annotation is named by its `created_at` and its input by `input_at`, the input's: both unique within the app.
   */
  annotation_term: { app: number; created_at: number; term: string; input_at: number; trusted: number }
  /**
   * How many annotations of an input are found by a term, and how many of these are people's; kept with
   * {@link annotation_term}. A row stays when its counts have come to 0.
   */
  input_term: { app: number; term: string; input_at: number; count: number; trusted: number }
  /** Where on earth it is: degrees, and as a point of the unit sphere, whose chords measure distances. */
  annotation_geo: {
    app: number
    created_at: number
    input_at: number
    latitude: number
    longitude: number
    x: number
    y: number
    z: number
  }
  /** When in a video it is: milliseconds and number of its frame. */
  annotation_frame: { app: number; created_at: number; input_at: number; time: number; number: number }
  saved_search: {
    app: number
    id: string
    kind: 'inputs' | 'annotations' // what it finds
    message: Uint8Array // clarifai.api.Search
    created_at: number
    modified_at: number
  }
  annotation_filter: {
    app: number
    id: string
    message: Uint8Array // clarifai.api.AnnotationFilter
    created_at: number
    modified_at: number
  }
  /** Counters of inputs that were posted under one `inputs_add_job_id`. */
  inputs_add_job: {
    app: number
    id: string
    succeeded: number
    failed: number
    created_at: number
    modified_at: number
    cancelled_at: number | null // from then on it takes no more
  }

  /** Browser sessions of a server that forwards; those of {@link session} are not valid there, nor these elsewhere. */
  upstream_session: {
    token_hash: string
    upstream: string // its origin
    user_id: string // there
    person: Uint8Array // clarifai.api.User as the upstream told it
    secret: Uint8Array // the personal access token, encrypted (service/upstream/upstreamSession.ts)
    created_at: number
    expires_at: number
  }
}
