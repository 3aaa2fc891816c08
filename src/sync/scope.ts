/** One app of one owner: the unit rights, concepts and versions belong to. */
export interface AppScope {
  readonly owner: string
  readonly app: string
}

/** One input of an app. */
export interface InputScope extends AppScope {
  readonly input: string
}

/** The address of one annotation; an annotation id is unique within its input only (decisions §1). */
export interface AnnotationAddress extends InputScope {
  readonly annotation: string
}

/** A string that two scopes share exactly when they mean the same input; `/` never occurs in ids. */
export const inputKey = ({ owner, app, input }: InputScope): string => `${owner}/${app}/${input}`

export const appKey = ({ owner, app }: AppScope): string => `${owner}/${app}`

export const addressKey = (address: AnnotationAddress): string => `${inputKey(address)}/${address.annotation}`

/** Inverse of {@link addressKey}. */
export function addressOf(key: string): AnnotationAddress {
  const [owner = '', app = '', input = '', annotation = ''] = key.split('/')
  return { owner, app, input, annotation }
}

/** The API's form of an app's address. */
export const userAppId = ({ owner, app }: AppScope): { userId: string; appId: string } => ({
  userId: owner,
  appId: app,
})
