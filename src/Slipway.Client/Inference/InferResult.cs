namespace Slipway.Client.Inference;

/// <summary>A prediction.</summary>
/// <param name="Model">Name of the model that answered.</param>
/// <param name="Version">Version that answered.</param>
/// <param name="Outputs">Outputs, in the order asked for, or the model's.</param>
public sealed record InferResult(string Model, string Version, IReadOnlyList<ClientTensor> Outputs)
{
    /// <summary>The output named <paramref name="name"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public ClientTensor this[string name] => Outputs.FirstOrDefault(output => output.Name == name)
        ?? throw new KeyNotFoundException($"no output '{name}', only {string.Join(", ", Outputs.Select(output => output.Name))}");
}
