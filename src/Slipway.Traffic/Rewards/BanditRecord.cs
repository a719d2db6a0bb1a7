using System.Text.Json.Serialization;

namespace Slipway.Traffic.Rewards;

/// <summary>What all replicas together have learned about the arms of one endpoint, as it is kept. Names are for ever.</summary>
/// <param name="Meaning">What rewards mean: a record of another meaning is of no use.</param>
/// <param name="Time">When the weights were as they are: later, they have faded further.</param>
/// <param name="Arms">What is known of each arm.</param>
/// <param name="Writers">The last writes of replicas, latest last: a replica that got no answer sees here whether its write arrived.</param>
internal sealed record BanditRecord(string Meaning, DateTimeOffset Time, IReadOnlyList<BanditArmRecord> Arms, IReadOnlyList<BanditWrite> Writers);

/// <summary>What is known of an arm.</summary>
/// <param name="Arm">Its name and version.</param>
/// <param name="Count">Weight of the rewards.</param>
/// <param name="Sum">Weighted sum of the rewards.</param>
/// <param name="Gram">Σ x xᵀ as <see cref="Bandits.LinearSums.Gram"/> has it; null without contexts.</param>
/// <param name="Target">Σ r x; null without contexts.</param>
internal sealed record BanditArmRecord(string Arm, double Count, double Sum, double[]? Gram, double[]? Target);

/// <summary>A write of a replica.</summary>
/// <param name="Replica">Who.</param>
/// <param name="Sequence">Its number.</param>
internal sealed record BanditWrite(string Replica, long Sequence);

/// <summary>JSON of the record.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BanditRecord))]
internal sealed partial class BanditJson : JsonSerializerContext;
