import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { type DatasetRow, datasetById } from '#proxy/store/datasets.ts'
import { type VersionRow, versionsById } from '#proxy/store/datasetVersions.ts'
import type { Db } from '#proxy/store/open.ts'

/** @throws ApiError CONN_DOES_NOT_EXIST */
export const findDataset = async (
  db: Db,
  app: { readonly no: number },
  id: string,
  field = 'dataset_id',
): Promise<DatasetRow> => {
  const row = await datasetById(db, app.no, id)
  if (!row) throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `${field}: the app has no dataset "${id}"`)
  return row
}

/** @throws ApiError CONN_DOES_NOT_EXIST */
export const findVersion = async (
  db: Db,
  dataset: DatasetRow,
  id: string,
  field = 'dataset_version_id',
): Promise<VersionRow> => {
  const [row] = await versionsById(db, Number(dataset.no), [id])
  if (!row)
    throw new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `${field}: dataset "${dataset.id}" has no version "${id}"`)
  return row
}
