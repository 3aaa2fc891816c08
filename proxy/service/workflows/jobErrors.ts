/** What the job was to do is no more: its input, its app or its workflow. Nobody's failure. */
export class JobDropped extends Error {
  override readonly name = 'JobDropped'
}

/** The lease ended and somebody else has the job. */
export class JobLost extends Error {
  override readonly name = 'JobLost'
}
