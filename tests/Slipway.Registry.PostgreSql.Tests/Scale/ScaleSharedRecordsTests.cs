using Microsoft.Extensions.DependencyInjection;
using Slipway.Registry.Tests.Kit;

namespace Slipway.Registry.PostgreSql.Tests.Scale;

[Trait("Category", "Slow")]
public sealed class ScaleSharedRecordsTests(PostgresFixture servers) : SharedRecordsKit
{
    private ScaleStore? _store;

    public override async ValueTask InitializeAsync()
    {
        _store = await ScaleStore.CreateAsync(servers);
        await base.InitializeAsync();
    }

    protected override void AddStore(IServiceCollection services) => _store!.AddTo(services);
}
