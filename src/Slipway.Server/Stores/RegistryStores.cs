using Slipway.Registry.Database;

namespace Slipway.Server.Stores;

/// <summary>The stores that the registry of this server is in, and whether they answer.</summary>
/// <param name="All">The database, and the object storage where there is one.</param>
internal sealed record RegistryStores(IReadOnlyList<StoreAvailability> All);
