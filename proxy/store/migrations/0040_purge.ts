/** What was deleted, by when, and which blobs snapshots and exports are: what the purge looks up. */
export const purge = (): readonly string[] => [
  `create index annotation_deleted on annotation (deleted_at) where deleted_at is not null`,
  `create index dataset_version_snapshot on dataset_version (snapshot) where snapshot is not null`,
  `create index dataset_export_hash on dataset_export (hash) where hash is not null`,
]
