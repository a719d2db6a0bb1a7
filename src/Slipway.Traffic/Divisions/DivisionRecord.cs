using System.Text.Json.Serialization;
using Slipway.Traffic.Assignment;

namespace Slipway.Traffic.Divisions;

/// <summary>How the entities of an endpoint are divided, and were with other weights, as it is kept. Names are for ever.</summary>
/// <param name="Divisions">The latest last.</param>
internal sealed record DivisionRecord(IReadOnlyList<Division> Divisions);

/// <summary>A division.</summary>
/// <param name="Weights">Arm → weight, of arms that have one.</param>
/// <param name="Runs">The slots, as <see cref="SlotTable.Runs"/> has them.</param>
internal sealed record Division(IReadOnlyDictionary<string, double> Weights, IReadOnlyList<SlotRun> Runs)
{
    /// <summary>Whether it is that of these weights.</summary>
    public bool IsOf(IReadOnlyDictionary<string, double> weights) =>
        Weights.Count == weights.Count && Weights.All(pair => weights.TryGetValue(pair.Key, out double weight) && weight == pair.Value);
}

/// <summary>JSON of the record.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(DivisionRecord))]
internal sealed partial class DivisionJson : JsonSerializerContext;
