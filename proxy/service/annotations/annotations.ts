import type { V2Methods } from '#proxy/service/method.ts'
import { deleteAnnotation, deleteAnnotations } from './deleteAnnotations.ts'
import { patchAnnotations } from './patchAnnotations.ts'
import { postAnnotations } from './postAnnotations.ts'
import { getAnnotation, listAnnotations } from './readAnnotations.ts'

/** The annotation RPCs of clarifai.api.V2 (api.md §2.1). */
export const annotationMethods = {
  postAnnotations,
  listAnnotations,
  getAnnotation,
  patchAnnotations,
  deleteAnnotation,
  deleteAnnotations,
} satisfies V2Methods
