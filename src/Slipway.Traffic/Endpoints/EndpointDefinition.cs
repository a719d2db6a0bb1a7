namespace Slipway.Traffic.Endpoints;

/// <summary>What callers call like a model: one or more arms and how requests are divided among them. Immutable; <see cref="EndpointCheck"/> says what is wrong with one.</summary>
public sealed record EndpointDefinition
{
    /// <summary>The name that callers use. It may be a model's own: requests for that model that name no version then go through the endpoint.</summary>
    public required string Name { get; init; }

    /// <summary>Arms; names unique, weights together 100, or all 0 with a bandit.</summary>
    public required IReadOnlyList<ArmDefinition> Arms { get; init; }

    /// <summary>Arm for those who take no part in the division: holdout, and entities outside the layer's range. Empty (default): the first arm.</summary>
    public string Default { get; init; } = "";

    /// <summary>Rules in order; the first that matches decides, before holdout, layer and weights.</summary>
    public IReadOnlyList<RuleDefinition> Rules { get; init; } = [];

    /// <summary>Where the entity's key is found, the first present counts. Without a key each request is divided anew. Default: the header <c>Slipway-Entity</c>.</summary>
    public IReadOnlyList<KeySource> StickyBy { get; init; } = [KeySource.DefaultHeader];

    /// <summary>Makes the division of entities independent of other endpoints'. Empty (default): the endpoint's name.</summary>
    public string Salt { get; init; } = "";

    /// <summary>Percentage of entities that always get the default arm. Default 0.</summary>
    public double Holdout { get; init; }

    /// <summary>The part of a layer's entities that takes part; null (default): all.</summary>
    public LayerRange? Layer { get; init; }

    /// <summary>What answers when an arm fails; null (default): the failure is the answer.</summary>
    public FallbackDefinition? Fallback { get; init; }

    /// <summary>Versions that get copies of requests and whose answers are only compared.</summary>
    public IReadOnlyList<ShadowDefinition> Shadows { get; init; } = [];

    /// <summary>Divides by rewards instead of weights; null (default): by weights.</summary>
    public BanditDefinition? Bandit { get; init; }

    /// <summary>Name of the default arm.</summary>
    public string DefaultArm => Default.Length > 0 ? Default : Arms.Count > 0 ? Arms[0].Name : "";

    /// <summary>What the division is salted with.</summary>
    public string EffectiveSalt => Salt.Length > 0 ? Salt : Name;
}
