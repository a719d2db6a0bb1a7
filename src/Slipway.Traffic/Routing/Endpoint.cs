using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Slipway.Core;
using Slipway.Traffic.Arms;
using Slipway.Traffic.Assignment;
using Slipway.Traffic.Bandits;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Rules;
using Slipway.Traffic.Shadowing;

namespace Slipway.Traffic.Routing;

/// <summary>An endpoint ready to route: everything that a request needs is looked up, nothing computed. Immutable but for counts; a change makes a new one.</summary>
internal sealed class Endpoint
{
    private const int PercentParts = 1_000_000;
    private static readonly ulong HoldoutSalt = KeyHash.Of("holdout");

    private readonly RuleSet _rules;
    private readonly ulong _salt;
    private readonly ulong _layerSalt;
    private readonly int _holdoutParts;
    private readonly (int From, int To)? _layer;
    private readonly Arm[] _bySlot;
    private readonly FrozenDictionary<string, Arm> _byName;
    private readonly Choice[] _byRule;
    private readonly Arm _default;
    private readonly ConditionalWeakTable<IReadOnlyList<StaticOutput>, ServableInfo> _static = [];
    private readonly ConditionalWeakTable<ServableInfo, ServableInfo> _named = [];

    public Endpoint(EndpointDefinition definition, SlotTable slots, IReadOnlyList<Arm> arms, ImmutableArray<Shadow> shadows, Bandit? bandit = null)
    {
        (Definition, Slots, Arms, Shadows, Bandit) = (definition, slots, arms, shadows, bandit);
        _byName = arms.ToFrozenDictionary(static arm => arm.Definition.Name, StringComparer.Ordinal);
        _bySlot = [.. Enumerable.Range(0, SlotTable.Slots).Select(slot => _byName[slots.ArmOf(slot)])];
        _default = _byName[definition.DefaultArm];
        _rules = new RuleSet(definition.Rules);
        _byRule = [.. definition.Rules.Select(rule => new Choice(_byName[rule.Arm], "rule:" + rule.Name, ArmUse.Chosen))];
        _salt = KeyHash.Of(definition.EffectiveSalt);
        _holdoutParts = PartsOf(definition.Holdout);
        _layer = definition.Layer is { } layer ? (PartsOf(layer.From), PartsOf(layer.To)) : null;
        _layerSalt = definition.Layer is { } named ? KeyHash.Of("layer:" + named.Name) : 0;
    }

    /// <summary>What the endpoint is.</summary>
    public EndpointDefinition Definition { get; }

    /// <summary>How entities are divided.</summary>
    public SlotTable Slots { get; }

    /// <summary>The arms, in the order of the definition.</summary>
    public IReadOnlyList<Arm> Arms { get; }

    /// <summary>The shadows.</summary>
    public ImmutableArray<Shadow> Shadows { get; }

    /// <summary>What divides the traffic instead of weights; null: weights do.</summary>
    public Bandit? Bandit { get; }

    /// <summary>The arm for those who take no part.</summary>
    public Arm Default => _default;

    /// <summary>An arm; null when there is none of this name.</summary>
    public Arm? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>A static answer of this endpoint as something that answers; made once for each.</summary>
    public ServableInfo StaticServable(IReadOnlyList<StaticOutput> answer) =>
        _static.GetValue(answer, key => StaticAnswer.Describe(Definition.Name, key));

    /// <summary>A version under this endpoint's name; made once for each.</summary>
    public ServableInfo Named(ServableInfo servable) => servable.ModelName == Definition.Name
        ? servable
        : _named.GetValue(servable, key => key with { ModelName = Definition.Name });

    /// <summary>Where a request goes, and why: 1. rules, 2. holdout, 3. layer, 4. rewards or weights.</summary>
    public Choice Choose(InferenceRequest request, SeededRandom random, TimeProvider time)
    {
        ulong? key = KeyReader.EntityOf(request, Definition.StickyBy);
        ulong entity = key ?? random.Next();
        if (!_rules.IsEmpty)
        {
            int rule = _rules.Match(request, entity, _rules.UsesTime ? time.GetUtcNow() : default);
            if (rule >= 0)
            {
                return _byRule[rule];
            }
        }

        if (_holdoutParts > 0 && KeyHash.Part(KeyHash.Salted(KeyHash.Salted(entity, _salt), HoldoutSalt), PercentParts) < _holdoutParts)
        {
            return new Choice(_default, "holdout", ArmUse.Chosen);
        }

        if (_layer is { } layer && KeyHash.Part(KeyHash.Salted(entity, _layerSalt), PercentParts) is var part && (part < layer.From || part >= layer.To))
        {
            return new Choice(_default, "layer", ArmUse.Chosen);
        }

        if (Bandit is { } bandit)
        {
            BanditDecision decision = bandit.Choose(request, random);
            return new Choice(Arms[decision.Arm], "bandit", ArmUse.Chosen, decision);
        }

        Arm arm = _bySlot[KeyHash.Part(KeyHash.Salted(entity, _salt), SlotTable.Slots)];
        return new Choice(arm, key is null ? "weight" : "sticky", ArmUse.Divided);
    }

    private static int PartsOf(double percent) => (int)Math.Round(percent / 100 * PercentParts);
}

/// <summary>Where a request goes.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Reason">Why; see <see cref="RouteAssignment"/>.</param>
/// <param name="Use">Whether the weights decided.</param>
/// <param name="Decision">The bandit's decision; null when something else decided.</param>
internal readonly record struct Choice(Arm Arm, string Reason, ArmUse Use, BanditDecision? Decision = null);
