namespace Slipway.Registry.Database;

/// <summary>All steps of the schema, in order.</summary>
internal static class Migrations
{
    public static IReadOnlyList<Migration> All { get; } =
    [
        new(1, "models, versions, aliases, events, artifacts, experiments, runs, logged models", [.. RegistrySchema.First, .. TrackingSchema.First]),
        new(2, "records that replicas share", SharedSchema.Second),
        new(3, "tags of versions in the order of versions", TagOrderSchema.Third),
    ];
}
