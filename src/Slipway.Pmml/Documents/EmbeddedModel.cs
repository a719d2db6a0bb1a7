namespace Slipway.Pmml.Documents;

/// <summary>
/// The models within models of PMML 3 and later (model composition): <c>Regression</c> and <c>DecisionTree</c>, which have no mining schema of their own. They are written as the models that
/// they stand for, so that one compiler serves both.
/// </summary>
internal static class EmbeddedModel
{
    /// <summary>Whether an element is such a model.</summary>
    public static bool Is(PmmlElement element) => element.Name is "Regression" or "DecisionTree";

    /// <summary>The model that an embedded one stands for: it names the fields of the model around it, and its result fields are output fields.</summary>
    public static PmmlElement AsModel(PmmlElement embedded)
    {
        PmmlElement model = new(embedded.Name == "Regression" ? "RegressionModel" : "TreeModel", embedded.Line, embedded.Attributes.ToArray());
        model.Add(new PmmlElement("MiningSchema", embedded.Line, []));
        PmmlElement output = new("Output", embedded.Line, []);
        foreach (PmmlElement field in embedded.Child("Output")?.Children ?? [])
        {
            output.Add(field);
        }

        foreach (PmmlElement field in embedded.ChildrenNamed("ResultField"))
        {
            PmmlElement same = new("OutputField", field.Line, field.Attributes.ToArray());
            foreach (PmmlElement part in field.Children)
            {
                same.Add(part);
            }

            output.Add(same);
        }

        if (output.Children.Count > 0)
        {
            model.Add(output);
        }

        foreach (PmmlElement child in embedded.Children.Where(static child => child.Name is not ("Output" or "ResultField")))
        {
            model.Add(child);
        }

        return model;
    }

    /// <summary>The segmentation that a mining model's embedded models stand for: one after the other, the last one gives the result. Null when it has none.</summary>
    public static PmmlElement? ChainOf(PmmlElement model)
    {
        PmmlElement chain = new("Segmentation", model.Line, [new("multipleModelMethod", "modelChain")]);
        foreach (PmmlElement embedded in model.Children.Where(Is))
        {
            PmmlElement segment = new("Segment", embedded.Line, []);
            segment.Add(new PmmlElement("True", embedded.Line, []));
            segment.Add(AsModel(embedded));
            chain.Add(segment);
        }

        return chain.Children.Count > 0 ? chain : null;
    }
}
