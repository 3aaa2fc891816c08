import { accountMethods } from './account.ts'
import { annotationFilterMethods } from './annotationFilters.ts'
import { annotationMethods } from './annotations.ts'
import { annotationWorkerMethods } from './annotationWorkers.ts'
import { appMethods } from './apps.ts'
import { bulkOperationMethods } from './bulkOperations.ts'
import { collaboratorMethods } from './collaborators.ts'
import { conceptSearchMethods } from './conceptSearches.ts'
import { conceptMethods } from './concepts.ts'
import { datasetExportMethods } from './datasetExports.ts'
import { datasetInputMethods } from './datasetInputs.ts'
import { datasetMethods } from './datasets.ts'
import { datasetVersionMethods } from './datasetVersions.ts'
import { inputMethods } from './inputs.ts'
import { inputsAddJobMethods } from './inputsAddJobs.ts'
import { moreInputMethods } from './inputsMore.ts'
import { keyMethods } from './keys.ts'
import { modelMethods } from './models.ts'
import { modelVersionMethods } from './modelVersions.ts'
import { officeMethods, openOfficeMethods } from './office.ts'
import { predictMethods } from './predict.ts'
import { searchMethods } from './searches.ts'
import { statusCodeMethods } from './statusCodes.ts'
import { trackMethods } from './streamAnnotations.ts'
import { studioMethods } from './studio.ts'
import { taskMethods } from './tasks.ts'
import { teamMethods } from './team.ts'
import { userMethods } from './users.ts'
import { workflowMethods } from './workflows.ts'

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
