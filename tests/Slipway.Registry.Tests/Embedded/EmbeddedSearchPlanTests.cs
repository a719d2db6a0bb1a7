using Slipway.Registry.Options;
using Slipway.Registry.Tests.Kit;

namespace Slipway.Registry.Tests.Embedded;

/// <summary>The same searches where every set of items counts as many: what large stores do.</summary>
public sealed class EmbeddedSearchPlanTests : SearchKit
{
    protected override RegistryOptions Options => base.Options with { FewItems = 3 };
}
