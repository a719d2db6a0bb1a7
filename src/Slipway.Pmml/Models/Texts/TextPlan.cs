using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Results;
using Slipway.Pmml.Transformations;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Texts;

/// <summary>
/// <c>TextModel</c>: the document of a corpus that is most like a row's text, by the terms of a dictionary. A row gives a text, or in a field named like each term how often that occurs.
/// </summary>
internal sealed class TextPlan : ModelPlan
{
    private readonly Func<Frame, double[]?> _read;
    private readonly TermWeights _weights;
    private readonly double[][] _documents;
    private readonly double[] _lengths;
    private readonly double[] _labels;
    private readonly double[] _names;
    private readonly bool _isCosine;
    private readonly int _similarities;

    private TextPlan(ModelContext model, ModelResult result, Func<Frame, double[]?> read, TermWeights weights, double[][] documents, double[] labels, double[] names, bool isCosine)
        : base(result)
    {
        (_read, _weights, _documents, _labels, _names, _isCosine) = (read, weights, documents, labels, names, isCosine);
        _lengths = Array.ConvertAll(documents, static document => Math.Sqrt(document.Sum(static weight => weight * weight)));
        _similarities = model.Plan.AddSlots(documents.Length, Cell.Missing);
    }

    /// <summary>Compiles the element.</summary>
    public static TextPlan Compile(ModelContext model)
    {
        PmmlElement element = model.Element;
        if (element.Attribute("functionName") == "regression")
        {
            throw PmmlError.NotSupported(element, "the prediction of a number by similar texts");
        }

        PmmlElement dictionary = element.RequiredChild("TextDictionary");
        string[] terms = [.. PmmlArray.Strings(dictionary.RequiredChild("Array"))];
        PmmlElement[] corpus = [.. element.RequiredChild("TextCorpus").ChildrenNamed("TextDocument")];
        PmmlElement matrix = element.RequiredChild("DocumentTermMatrix");
        double[][] counts = PmmlArray.Matrix(matrix.RequiredChild("Matrix"));
        if (terms.Length == 0 || corpus.Length == 0 || counts.Length != corpus.Length || Array.Exists(counts, row => row.Length != terms.Length))
        {
            throw PmmlError.Invalid(matrix, $"is not one row for each of {corpus.Length} documents with a number for each of {terms.Length} terms");
        }

        TermWeights weights = new(element, counts, terms.Length);
        ModelResult result = new ModelResult(model.Plan, PmmlType.String).WithEntity();
        result.WithCategories(corpus.Select(document => model.Plan.Code(document.Required("id"))));
        return new TextPlan(
            model, result, ReaderOf(model, terms), weights, Array.ConvertAll(counts, weights.Of), LabelsOf(model, corpus),
            [.. corpus.Select(document => model.Plan.Code(document.Attribute("name") ?? document.Required("id")))], IsCosine(element));
    }

    public override void Evaluate(Frame frame)
    {
        if (_read(frame) is not { } counts)
        {
            return;
        }

        // The angle between a text without any known term and a document is none.
        double[] weights = _weights.Of(counts);
        double length = Math.Sqrt(weights.Sum(static weight => weight * weight));
        if (_isCosine && length == 0)
        {
            return;
        }

        int nearest = -1;
        for (int i = 0; i < _documents.Length; i++)
        {
            double similarity = _isCosine ? Cosine(weights, length, i) : Distance(weights, _documents[i]);
            frame[_similarities + i] = similarity;
            nearest = nearest < 0 || IsNearer(similarity, frame[_similarities + nearest]) ? i : nearest;
        }

        frame[Result.Value] = _labels[nearest];
        frame[Result.Entity] = Result.Categories[nearest];
    }

    /// <inheritdoc/>
    public override Expression? Feature(OutputRequest request)
    {
        int rank = request.Rank;
        switch (request.Feature)
        {
            case "entityId" or "clusterId":
                return new DelegateExpression(PmmlType.String, frame => Ranked(frame, rank) is >= 0 and var place ? Result.Categories[place] : Cell.Missing);
            case "predictedDisplayValue":
                return new DelegateExpression(PmmlType.String, frame => Ranked(frame, 1) is >= 0 and var place ? _names[place] : Cell.Missing);
            case "affinity" or "entityAffinity" or "clusterAffinity":
                if (request.Value is not { } id)
                {
                    return new DelegateExpression(PmmlType.Double, frame => Ranked(frame, rank) is >= 0 and var place ? frame[_similarities + place] : Cell.Missing);
                }

                int named = Result.IndexOf(request.Plan.Code(id));
                return named >= 0
                    ? new SlotExpression(_similarities + named, PmmlType.Double)
                    : throw PmmlError.Invalid(request.Element, $"names the document '{id}', which the model does not have");
            default:
                return null;
        }
    }

    private bool IsNearer(double left, double right) => _isCosine ? left > right : left < right;

    // The document at a place of the ranking, from 1; -1 when there is none.
    private int Ranked(Frame frame, int rank)
    {
        if (Cell.IsMissing(frame[Result.Value]) || rank < 1 || rank > _documents.Length)
        {
            return -1;
        }

        double[] similarities = frame.Cells.AsSpan(frame.Base + _similarities, _documents.Length).ToArray();
        IEnumerable<int> places = Enumerable.Range(0, _documents.Length);
        return (_isCosine ? places.OrderByDescending(place => similarities[place]) : places.OrderBy(place => similarities[place])).ElementAt(rank - 1);
    }

    private double Cosine(double[] weights, double length, int document)
    {
        if (_lengths[document] == 0)
        {
            return 0;
        }

        double product = 0;
        for (int term = 0; term < weights.Length; term++)
        {
            product += weights[term] * _documents[document][term];
        }

        return product / (length * _lengths[document]);
    }

    private static double Distance(double[] left, double[] right)
    {
        double sum = 0;
        for (int term = 0; term < left.Length; term++)
        {
            sum += (left[term] - right[term]) * (left[term] - right[term]);
        }

        return Math.Sqrt(sum);
    }

    // The standard misspells the element; some spell it right, and name its types in full.
    private static bool IsCosine(PmmlElement model)
    {
        PmmlElement? element = model.Child("TextModelSimiliarity") ?? model.Child("TextModelSimilarity");
        return (element?.Attribute("similarityType") ?? "cosine") switch
        {
            "cosine" or "cosineSimilarity" => true,
            "euclidean" or "euclideanDistance" => false,
            var other => throw PmmlError.NotSupported(element!, $"similarityType=\"{other}\""),
        };
    }

    // What a document stands for: a category named like it, or else its id.
    private static double[] LabelsOf(ModelContext model, PmmlElement[] corpus)
    {
        HashSet<double> categories = [.. model.Target?.ValidValues ?? []];
        return Array.ConvertAll(corpus, document =>
        {
            double id = model.Plan.Code(document.Required("id"));
            return !categories.Contains(id) && document.Attribute("name") is { } name && categories.Contains(model.Plan.Code(name)) ? model.Plan.Code(name) : id;
        });
    }

    private static Func<Frame, double[]?> ReaderOf(ModelContext model, string[] terms)
    {
        FieldBinding[] active = [.. model.Fields.Where(static field => field.IsActive).Select(field => model.Scope.Get(field.Name, field.Element))];
        if (active is [{ Type.IsText: true } only] && !terms.Contains(only.Name))
        {
            TermCounter counter = new(terms, new TextTokenizer(model.Element));
            return frame => only.Value.Evaluate(frame) is var text && Cell.IsMissing(text) ? null : counter.Count(frame.Symbols.Text(text));
        }

        Expression[] counts = Array.ConvertAll(terms, term => model.Scope.Find(term)?.Value.To(PmmlType.Double)
            ?? throw PmmlError.Invalid(model.Element, $"has not one active field of text, and no field '{term}' that says how often the term occurs"));
        return frame => Array.ConvertAll(counts, count => count.Evaluate(frame)) is var row && row.Any(double.IsNaN) ? null : row;
    }
}
