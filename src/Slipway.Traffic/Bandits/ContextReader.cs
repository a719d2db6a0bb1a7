using System.Globalization;
using Slipway.Core;
using Slipway.Traffic.Assignment;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Shadowing;

namespace Slipway.Traffic.Bandits;

/// <summary>Reads the context of requests: a constant one, then the numbers of each field. Thread-safe.</summary>
/// <param name="fields">The fields, at least one.</param>
internal sealed class ContextReader(IReadOnlyList<ContextField> fields)
{
    private const double Bound = 10;

    private readonly int _features = 1 + fields.Sum(static field => field.Length);

    /// <summary>The context of a request.</summary>
    public double[] Read(InferenceRequest request)
    {
        double[] context = new double[_features];
        context[0] = 1;
        int at = 1;
        foreach (ContextField field in fields)
        {
            for (int i = 0; i < field.Length; i++)
            {
                double number = (ValueOf(request, field.Source, i) - field.Offset) / field.Scale;
                context[at++] = double.IsNaN(number) ? 0 : Math.Clamp(number, -Bound, Bound);
            }
        }

        return context;
    }

    private static double ValueOf(InferenceRequest request, KeySource source, int index)
    {
        if (source.Kind != KeySourceKind.Input)
        {
            return double.TryParse(KeyReader.TextOf(request, source), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN;
        }

        for (int i = 0; i < request.Inputs.Count; i++)
        {
            if (request.Inputs[i].Name == source.Name)
            {
                return TensorNumbers.At(request.Inputs[i], index);
            }
        }

        return double.NaN;
    }
}
