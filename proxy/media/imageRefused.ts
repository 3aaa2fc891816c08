/** `unsupported`: no picture we read; `corrupt`: cut off or damaged; `over-limit`: larger than the settings allow. */
export type RefusalKind = 'unsupported' | 'corrupt' | 'over-limit'

/** A file that cannot become an image input. The message is for people: what is wrong and what they can do. */
export class ImageRefused extends Error {
  readonly kind: RefusalKind
  constructor(kind: RefusalKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ImageRefused'
    this.kind = kind
  }
}
