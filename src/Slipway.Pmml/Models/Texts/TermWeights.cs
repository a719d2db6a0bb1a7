using Slipway.Pmml.Documents;

namespace Slipway.Pmml.Models.Texts;

/// <summary>
/// Weights of terms from how often they occur (<c>TextModelNormalization</c>; Kolda and O'Leary, A semidiscrete matrix decomposition for latent semantic indexing, section 2.2):
/// of a term within a document, of a term among all documents, and of a document. Immutable.
/// </summary>
internal sealed class TermWeights
{
    private readonly string _local;
    private readonly bool _isNormalized;
    private readonly double[] _global;

    /// <summary>Reads the weights of a model.</summary>
    /// <param name="model">The element <c>TextModel</c>; without a normalisation frequencies count as they are.</param>
    /// <param name="matrix">How often each term occurs in each document, document by document.</param>
    /// <param name="terms">How many terms there are.</param>
    public TermWeights(PmmlElement model, double[][] matrix, int terms)
    {
        PmmlElement? element = model.Child("TextModelNormalization");
        _local = element?.Attribute("localTermWeights") ?? "termFrequency";
        if (_local is not ("termFrequency" or "binary" or "logarithmic" or "augmentedNormalizedTermFrequency"))
        {
            throw PmmlError.NotSupported(element!, $"localTermWeights=\"{_local}\"");
        }

        _isNormalized = (element?.Attribute("documentNormalization") ?? "none") switch
        {
            "none" => false,
            "cosine" => true,
            var other => throw PmmlError.NotSupported(element!, $"documentNormalization=\"{other}\""),
        };
        string global = element is null ? "none" : element.Attribute("globalTermWeights") ?? "inverseDocumentFrequency";
        _global = [.. Enumerable.Range(0, terms).Select(term => Global(element ?? model, global, matrix, term))];
    }

    /// <summary>The weights of a document's terms.</summary>
    /// <param name="frequencies">How often each term occurs in it.</param>
    public double[] Of(double[] frequencies)
    {
        double most = frequencies.Max();
        double[] weights = new double[frequencies.Length];
        double squares = 0;
        for (int term = 0; term < weights.Length; term++)
        {
            weights[term] = Local(frequencies[term], most) * _global[term];
            squares += weights[term] * weights[term];
        }

        if (_isNormalized && squares > 0)
        {
            double length = Math.Sqrt(squares);
            foreach (ref double weight in weights.AsSpan())
            {
                weight /= length;
            }
        }

        return weights;
    }

    private double Local(double frequency, double most) => _local switch
    {
        _ when frequency <= 0 => 0,
        "binary" => 1,
        "logarithmic" => Math.Log10(1 + frequency),
        "augmentedNormalizedTermFrequency" => 0.5 * (1 + (frequency / most)),
        _ => frequency,
    };

    // A term that no document has can't make a difference.
    private static double Global(PmmlElement element, string kind, double[][] matrix, int term)
    {
        double total = 0;
        double squares = 0;
        int having = 0;
        foreach (double[] document in matrix)
        {
            total += document[term];
            squares += document[term] * document[term];
            having += document[term] > 0 ? 1 : 0;
        }

        if (having == 0)
        {
            return 0;
        }

        return kind switch
        {
            "none" => 1,
            "inverseDocumentFrequency" => Math.Log((double)matrix.Length / having),
            "GFIDF" => total / having,
            "normal" => 1 / Math.Sqrt(squares),
            "probabilisticInverse" => having < matrix.Length
                ? Math.Log((double)(matrix.Length - having) / having)
                : throw PmmlError.Invalid(element, "weighs by probabilisticInverse a term that all documents have: the weight is not defined"),
            _ => throw PmmlError.NotSupported(element, $"globalTermWeights=\"{kind}\""),
        };
    }
}
