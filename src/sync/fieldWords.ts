// What the server says of a field begins with its path, `tasks[0].worker.workers[2].user.id: …`: what a developer wants
// to know. People read the name that the field has on the screen, or nothing where they never filled it in.

/** Names of fields as the forms have them, by their path without places in lists. */
const names: Readonly<Record<string, string>> = {
  'tasks.name': 'Name',
  'tasks.id': 'Task',
  'tasks.concepts.concept.id': 'Concepts',
  'tasks.input_source.id': 'Inputs',
  'tasks.input_source.type': 'Inputs',
  'tasks.worker.workers': 'Labelers',
  'tasks.worker.workers.user.id': 'Labelers',
  'tasks.worker.strategy': 'Each gets',
  'tasks.worker.partitioned_strategy_info.workers_per_input': 'People per input',
  'tasks.worker.partitioned_strategy_info.weights': 'Weight',
  'tasks.review.strategy': 'Review',
  'tasks.review.users': 'Reviewers',
  'tasks.review.users.id': 'Reviewers',
  'tasks.review.users.user.id': 'Reviewers',
  'tasks.review.manual_strategy_info.sample_percentage': 'Reviewed, %',
  'tasks.review.consensus_strategy_info.approval_threshold_labelers': 'Labelers that must agree',
  'tasks.metadata.marquee.overlap': 'Overlap that counts as the same, %',
  'collaborators.user.id': 'User id',
  'collaborators.scopes': 'May do',
  'concepts.id': 'Concept',
  'concepts.name': 'Name',
  'apps.id': 'Id',
  'apps.name': 'Name',
  'apps.description': 'Description',
  'inputs.data.image.url': 'Address of the image',
  'dataset_versions.id': 'Export',
  name: 'Name',
  hours: 'Good for',
  scopes: 'May do',
  reason: 'Reason',
  password: 'Password',
  new_password: 'New password',
  current_password: 'Current password',
}

const weight = /^tasks\.worker\.partitioned_strategy_info\.weights\.(.+)$/

const nameOf = (path: string): string | undefined => {
  const plain = path.replace(/\[\d+\]/g, '')
  const [, person] = weight.exec(plain) ?? []
  return person === undefined ? names[plain] : `Weight of ${person}`
}

/** Details in a person's words: the field by the name it has on the screen, or left out. Text without a path stays. */
export function fieldWords(details: string): string {
  const [, path, said] = /^([a-z][\w[\].-]*): (\S.*)$/s.exec(details) ?? []
  if (path === undefined || said === undefined) return details
  const name = nameOf(path)
  return name === undefined ? `${said[0]?.toUpperCase()}${said.slice(1)}` : `${name}: ${said}`
}
