using Microsoft.Extensions.DependencyInjection;
using Slipway.Registry.Options;
using Slipway.Registry.Tests.Kit;

namespace Slipway.Registry.PostgreSql.Tests.Scale;

/// <summary>The same searches where every set of items counts as many: what large stores do.</summary>
[Trait("Category", "Slow")]
public sealed class ScaleSearchPlanTests(PostgresFixture servers) : SearchKit
{
    private ScaleStore? _store;

    public override async ValueTask InitializeAsync()
    {
        _store = await ScaleStore.CreateAsync(servers);
        await base.InitializeAsync();
    }

    protected override RegistryOptions Options => base.Options with { FewItems = 3 };

    protected override void AddStore(IServiceCollection services) => _store!.AddTo(services);
}
