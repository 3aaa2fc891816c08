import { annotationMethods } from '#proxy/service/annotations/annotations.ts'
import { annotationWorkerMethods } from '#proxy/service/annotations/annotationWorkers.ts'
import { trackMethods } from '#proxy/service/annotations/streamAnnotations.ts'
import { bulkOperationMethods } from '#proxy/service/bulk/bulkOperations.ts'
import { conceptSearchMethods } from '#proxy/service/concepts/conceptSearches.ts'
import { conceptMethods } from '#proxy/service/concepts/concepts.ts'
import { annotationFilterMethods } from '#proxy/service/datasets/annotationFilters.ts'
import { datasetExportMethods } from '#proxy/service/datasets/datasetExports.ts'
import { datasetInputMethods } from '#proxy/service/datasets/datasetInputs.ts'
import { datasetMethods } from '#proxy/service/datasets/datasets.ts'
import { datasetVersionMethods } from '#proxy/service/datasets/datasetVersions.ts'
import { inputMethods } from '#proxy/service/inputs/inputs.ts'
import { inputsAddJobMethods } from '#proxy/service/inputs/inputsAddJobs.ts'
import { moreInputMethods } from '#proxy/service/inputs/inputsMore.ts'
import { modelMethods } from '#proxy/service/models/models.ts'
import { modelVersionMethods } from '#proxy/service/models/modelVersions.ts'
import { predictMethods } from '#proxy/service/models/predict.ts'
import { accountMethods } from '#proxy/service/people/account.ts'
import { collaboratorMethods } from '#proxy/service/people/collaborators.ts'
import { keyMethods } from '#proxy/service/people/keys.ts'
import { userMethods } from '#proxy/service/people/users.ts'
import { searchMethods } from '#proxy/service/searches/searches.ts'
import { studioMethods } from '#proxy/service/studio/studio.ts'
import { taskMethods } from '#proxy/service/tasks/tasks.ts'
import { officeMethods, openOfficeMethods } from '#proxy/service/team/office.ts'
import { teamMethods } from '#proxy/service/team/team.ts'
import { workflowMethods } from '#proxy/service/workflows/workflows.ts'
import { appMethods } from './apps.ts'
import { statusCodeMethods } from './statusCodes.ts'

/** Every method of clarifai.api.V2 there is; the gateway answers UNIMPLEMENTED for the rest. */
export const v2Methods = {
  ...annotationMethods,
  ...inputMethods,
  ...moreInputMethods,
  ...inputsAddJobMethods,
  ...conceptMethods,
  ...conceptSearchMethods,
  ...statusCodeMethods,
  ...datasetMethods,
  ...datasetInputMethods,
  ...datasetVersionMethods,
  ...datasetExportMethods,
  ...bulkOperationMethods,
  ...appMethods,
  ...collaboratorMethods,
  ...searchMethods,
  ...annotationFilterMethods,
  ...annotationWorkerMethods,
  ...userMethods,
  ...keyMethods,
  ...modelMethods,
  ...modelVersionMethods,
  ...workflowMethods,
  ...predictMethods,
  ...taskMethods,
  ...trackMethods,
}

/** marquee.v1. */
export { accountMethods, officeMethods, openOfficeMethods, studioMethods, teamMethods }

/** Methods of marquee.v1.Account that need nobody to be signed in. */
export const openAccountMethods = ['signIn', 'signOut', 'getSession'] as const
